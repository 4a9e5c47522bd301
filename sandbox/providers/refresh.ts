import type { ResourceType } from "./resource.ts";
import { defaultsKey, isPlainObject, type Properties, type Value } from "./values.ts";

/**
 * The inputs a refresh gives back: what the state held, with the values that are there now. Something new shows
 * too, unless the platform chose it. Without old inputs (an import), everything that is there.
 */
export function refreshedInputs(type: ResourceType, old: Properties, live: Properties): Properties {
  const importing = Object.keys(old).length === 0;
  const kept = type.notReadBack ?? [];
  const names = new Set([...Object.keys(old), ...Object.keys(live)]);
  const result: Properties = {};
  for (const name of names) {
    const [before, now] = [old[name], live[name]];
    if (kept.includes(name)) {
      if (before !== undefined) result[name] = before;
    } else if (name === defaultsKey) {
      if (before !== undefined) result[name] = before;
    } else if (now === undefined) {
      // Gone: the next update brings it back.
    } else if (importing || before !== undefined || !(name === "project" || isChosenByPlatform(type, name))) {
      result[name] = importing ? now : merge(type, name, before, now);
    }
  }
  return importing ? noteDefaults(result) : result;
}

/** Whether the platform fills in what lies at a path when it is not given. */
export function isChosenByPlatform(type: ResourceType, path: string): boolean {
  const plain = path.replace(/\[\d+\]/g, "[]");
  return (type.chosenByPlatform ?? []).some(
    (chosen) => plain === chosen || plain.startsWith(`${chosen}.`) || plain.startsWith(`${chosen}[`),
  );
}

function merge(type: ResourceType, path: string, old: Value | undefined, live: Value): Value {
  if (Array.isArray(old) && Array.isArray(live)) {
    return live.map((item, at) => merge(type, `${path}[${at}]`, old[at], item));
  }
  if (isPlainObject(old) && isPlainObject(live)) {
    const result: Properties = {};
    for (const name of new Set([...Object.keys(old), ...Object.keys(live)])) {
      const [before, now] = [old[name], live[name]];
      const here = `${path}.${name}`;
      if (name === defaultsKey) result[name] = before ?? [];
      else if (now === undefined) continue;
      else if (before !== undefined || !isChosenByPlatform(type, here))
        result[name] = merge(type, here, before, now);
    }
    return result;
  }
  return live;
}

function noteDefaults(inputs: Properties): Properties {
  return { [defaultsKey]: [], ...inputs };
}

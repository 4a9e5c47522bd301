/** How the GitHub runner reads a log, for tests (actions/runner, ActionCommand.TryParseV2 and TryParse). */

export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

function decode(text: string): string {
  return text
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%0A", "\n")
    .replaceAll("%0D", "\r")
    .replaceAll("%25", "%");
}

/** The commands the runner would carry out; a command in the old form `##[name]` counts, wherever it stands. */
export function commandsIn(log: string): WorkflowCommand[] {
  return log.split(/\r\n|[\r\n]/u).flatMap((line): WorkflowCommand[] => {
    const old = /##\[(?<name>[^\]]*)\]/u.exec(line)?.groups;
    if (old !== undefined) return [{ name: old.name ?? "", properties: {}, message: line }];
    const groups = /^\s*::(?<name>[^ :]*)(?: (?<properties>.*?))?::(?<message>.*)$/u.exec(line)?.groups;
    if (groups === undefined) return [];
    const pairs = (groups.properties ?? "").split(",").filter((pair) => pair !== "");
    return [
      {
        name: groups.name ?? "",
        properties: Object.fromEntries(
          pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), decode(pair.slice(pair.indexOf("=") + 1))]),
        ),
        message: decode(groups.message ?? ""),
      },
    ];
  });
}

/** `jwt-secret rotate`: the steps of a rotation, as edits of a stack's file. */
import { visible } from "../../reports/escape.ts";
import { type Command, exit, type World } from "../command.ts";
import { readDeployed } from "./deployed.ts";
import { type Generations, withGenerations } from "./edit.ts";
import { help } from "./help.ts";
import { type RotateOptions, readOptions } from "./options.ts";
import { back, emergency, finish, Refused, type Situation, start } from "./plan.ts";
import { afterEmergency, afterFinish, afterOverlap, edited, status } from "./say.ts";
import { readStackFile, replaceStackFile, type StackFile } from "./stack-file.ts";
import { readState } from "./state.ts";

async function situationOf(file: StackFile, options: RotateOptions, world: World): Promise<Situation> {
  const { environment, sandbox } = options;
  const { settings } = file;
  const state = await readState(options, world);
  const deployed = readDeployed(state.value, state.file, options, settings);
  return { environment, sandbox, settings, deployed, now: world.now };
}

/** What the file shall say after a step, and what to say of it. */
async function decide(
  file: StackFile,
  options: RotateOptions,
  world: World,
): Promise<{ next?: Generations; text: string }> {
  const { settings } = file;
  switch (options.step) {
    case "status":
      return { text: status(await situationOf(file, options, world)) };
    case "start": {
      const next = start(await situationOf(file, options, world), options.to);
      return { next, text: afterOverlap(file, options, next, true) };
    }
    case "back": {
      const next = back(settings, options);
      return { next, text: afterOverlap(file, options, next, false) };
    }
    case "finish":
      return {
        next: finish(await situationOf(file, options, world)),
        text: afterFinish(file, options),
      };
    case "emergency": {
      const next = emergency(settings, options.leaked, options.to);
      return { next, text: afterEmergency(file, options, next) };
    }
  }
}

async function run(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(args);
  const file = readStackFile(world.directory, options.environment);
  try {
    const { next, text } = await decide(file, options, world);
    if (next === undefined) {
      world.stdout.write(text);
      return exit.pass;
    }
    const edit = withGenerations(file.text, next);
    if (!options.dryRun) replaceStackFile(file, edit);
    world.stdout.write(edited(file, next, options.dryRun) + text);
    return exit.pass;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    world.stderr.write(`jwt-secret rotate: ${visible(error.message)}\n`);
    return exit.violation;
  }
}

export const command: Command = { help, run };

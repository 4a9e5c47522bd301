/** What the services of a view show: their references, and how they call projects. */
import type { ProjectAtom, SeenContainer, SeenEnvironment, SeenRef, SeenService } from "../view/view.ts";

export function allServices(environments: readonly SeenEnvironment[]): SeenService[] {
  return environments.flatMap(({ services }) => services);
}

export function visibleContainers({ containers }: SeenService): SeenContainer[] {
  return containers === "hidden" ? [] : containers;
}

export function refsOf(service: SeenService): SeenRef[] {
  return visibleContainers(service).flatMap(({ variables, files }) => [
    ...variables.flatMap(({ value }) => (value.kind === "reference" ? [value.ref] : [])),
    ...files.map(({ ref }) => ref),
  ]);
}

export function atomsOf(environments: readonly SeenEnvironment[]): ProjectAtom[] {
  const atoms = environments.flatMap(({ services, secrets, grants }) => [
    ...services.map(({ project }) => project),
    ...services.flatMap((service) =>
      refsOf(service).flatMap(({ secret }) => (secret.kind === "known" ? [secret.project] : [])),
    ),
    ...secrets.map(({ project }) => project),
    ...grants.map(({ project }) => project),
  ]);
  return [...new Set(atoms)].sort();
}

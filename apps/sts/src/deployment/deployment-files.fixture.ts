import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Of the repository. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = join(root, 'apps/sts/deploy');

export const kubernetesFolders = ['kubernetes', 'kubernetes/migrate', 'kubernetes/autoscaling'];

export function textOf(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is in a manifest, the expectations say
export type Manifest = any;

export function yamlOf(path: string): Manifest {
  return parse(textOf(path), { merge: true });
}

/** What kustomize would give to the cluster, without the ConfigMap that it makes. */
export function manifestsOf(path: string): Manifest[] {
  return filesOf(path).map((name) => yamlOf(join(path, name)));
}

/** The manifests of a folder, beside what kustomize and the server read. */
export function filesOf(path: string): string[] {
  return readdirSync(join(folder, path)).filter(
    (name) => name.endsWith('.yaml') && !['kustomization.yaml', 'sts.yaml'].includes(name),
  );
}

/** Every file in the folder, whatever it is. */
export function everyText(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

/** The variables that the image sets: `ENV NAME=value \ NAME=value`. */
export function imageVariables(): Record<string, string> {
  const [, list = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(textOf('Dockerfile')) ?? [];
  return Object.fromEntries([...list.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
}

/** The only argument of an instruction of the last stage. */
export function instruction(name: string): string {
  return [...textOf('Dockerfile').matchAll(new RegExp(`^${name} (.+)$`, 'gm'))].at(-1)?.[1] ?? '';
}

export const compose: Manifest = yamlOf('compose.yaml');
export const deployment: Manifest = yamlOf('kubernetes/deployment.yaml');
export const pod: Manifest = deployment.spec.template.spec;
export const container: Manifest = pod.containers[0];
export const job: Manifest = yamlOf('kubernetes/migrate/job.yaml');
/** Of the compose file. */
export const servers = ['sts-1', 'sts-2'];

/** What the Deployment sets. */
export const kubernetesVariables: Record<string, string> = Object.fromEntries(
  container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
);

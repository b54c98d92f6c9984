import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sts } from '../cli/running-cli.fixture.js';
import { environmentVariables } from '../configuration/environment.js';
import { temporaryFolder } from '../temporary-folder.fixture.js';
import {
  compose,
  container,
  everyText,
  imageVariables,
  job,
  kubernetesVariables,
  servers,
  textOf,
} from './deployment-files.fixture.js';

/** The folder that takes the place of a container's secrets. */
function secretsFolder(): string {
  const secrets = temporaryFolder();
  writeFileSync(join(secrets, 'database-url'), 'postgres://sts:hunter2@postgres:5432/sts\n');
  writeFileSync(join(secrets, 'encryption-keys'), `${Buffer.alloc(32, 7).toString('base64')}\n`);
  writeFileSync(join(secrets, 'orders-sync'), 'k4iUBJm2vWlQ0HQ8T1uW\n');
  return secrets;
}

/** What the start of that container would say of its environment and file. */
function validate(variables: Record<string, string>, from: string, secrets: string, file: string) {
  const here = Object.entries({ ...imageVariables(), ...variables }).map(([name, value]) => [
    name,
    value.replace(from, secrets),
  ]);
  return sts(['config', 'validate', file], { variables: Object.fromEntries(here) });
}

describe('What the deployment says to the server', () => {
  it('are variables that the server reads', () => {
    const named = everyText().flatMap((text) => text.match(/\bSTS_[A-Z_]+/g) ?? []);
    expect(new Set(named).size).toBeGreaterThan(8);
    expect([...new Set(named)].filter((name) => !environmentVariables.includes(name))).toEqual([]);
  });

  it('is fit for production on Kubernetes, and so is the file of its ConfigMap', async () => {
    const secrets = secretsFolder();
    const file = join(temporaryFolder(), 'sts.yaml');
    writeFileSync(file, textOf('kubernetes/sts.yaml').replaceAll('/run/secrets/sts', secrets));
    const { exitCode, errors } = await validate(kubernetesVariables, '/run/secrets/sts', secrets, file);
    expect({ exitCode, errors }).toMatchObject({ exitCode: 0 });
    expect(imageVariables().NODE_ENV).toBe('production');
  });

  it('is fit for production in the compose file, with a file of `sts init`', async () => {
    const file = join(temporaryFolder(), 'sts.yaml');
    await sts(['init', file, '--issuer', 'https://id.example.com']);
    const variables = compose.services['sts-1'].environment;
    expect(compose.services['sts-2'].environment).toEqual(variables);
    const { exitCode, errors } = await validate(variables, '/run/secrets', secretsFolder(), file);
    expect({ exitCode, errors }).toMatchObject({ exitCode: 0 });
  });

  it('comes to it where the image looks for it', () => {
    expect(imageVariables().STS_CONFIG).toBe('/etc/sts/sts.yaml');
    const mounted = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
    expect(mounted).toEqual(['/etc/sts', '/run/secrets/sts']);
    for (const name of servers) {
      expect(compose.services[name].volumes).toEqual(['./sts.yaml:/etc/sts/sts.yaml:ro']);
      for (const secret of compose.services[name].secrets) expect(compose.secrets).toHaveProperty(secret);
    }
  });

  it('is a command that there is, for the Job', async () => {
    const { exitCode } = await sts([...job.spec.template.spec.containers[0].args, '--help']);
    expect(exitCode).toBe(0);
  });
});

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../configuration/environment.js';
import { runSts, type RunningSts } from '../running-sts.fixture.js';
import { stopLimit } from '../stopping/graceful-stop.js';
import {
  compose,
  container,
  deployment,
  filesOf,
  imageVariables,
  instruction,
  job,
  kubernetesFolders,
  kubernetesVariables,
  type Manifest,
  manifestsOf,
  pod,
  root,
  servers,
  textOf,
  yamlOf,
} from './deployment-files.fixture.js';

const { port } = readEnvironment({}).environment;

describe('The health of a container', () => {
  let server: RunningSts;
  beforeAll(async () => {
    server = await runSts();
  });
  const healthcheck = (listening: string) =>
    promisify(execFile)(process.execPath, [join(root, 'apps/sts/bin/healthcheck.js')], {
      env: { STS_TLS: 'off', STS_HOST: '0.0.0.0', STS_PORT: listening },
    });

  it.each(['startupProbe', 'livenessProbe', 'readinessProbe'])(
    'is asked where the server answers: %s',
    async (probe) => {
      const { path, port: name } = container[probe].httpGet;
      expect(name).toBe(container.ports[0].name);
      expect((await fetch(server.url + path)).status).toBe(200);
    },
  );

  it('is asked by the script of the image, which fails where nobody answers', async () => {
    expect(textOf('Dockerfile')).toContain('CMD ["node", "/opt/sts/apps/sts/bin/healthcheck.js"]');
    expect((await healthcheck(new URL(server.url).port)).stdout).toBe('/health/ready answers 200\n');
    await expect(healthcheck('1')).rejects.toMatchObject({ code: 1 });
  });

  it('has time to end: what is allowed is longer than the server takes', () => {
    const slowest = stopLimit(Number(kubernetesVariables.STS_DRAIN_SECONDS));
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(slowest);
    const { drainSeconds } = readEnvironment(imageVariables()).environment;
    for (const name of servers) {
      expect(Number.parseInt(compose.services[name].stop_grace_period)).toBeGreaterThan(stopLimit(drainSeconds));
    }
  });
});

describe('The way to a container', () => {
  it('is one port from the proxy to the server', () => {
    expect(instruction('EXPOSE')).toBe(String(port));
    expect(container.ports).toEqual([{ name: 'http', containerPort: port }]);
    const [service] = yamlOf('kubernetes/service.yaml').spec.ports;
    expect(service.targetPort).toBe('http');
    const [rule] = yamlOf('kubernetes/ingress.yaml').spec.rules;
    expect(rule.http.paths[0].backend.service).toEqual({ name: 'tessera-sts', port: { name: service.name } });
    expect(textOf('nginx.conf').match(/server sts-\d:\d+/g)).toEqual(servers.map((name) => `server ${name}:${port}`));
    expect(textOf('nginx.conf')).toContain(`listen ${compose.services.nginx.ports[0].split(':')[1]} ssl;`);
  });

  it('passes the proxy that the servers trust', () => {
    const { ipv4_address: nginx } = compose.services.nginx.networks.inside;
    for (const name of servers) expect(compose.services[name].environment.STS_TRUST_PROXY).toBe(nginx);
  });

  it('has one network between proxy and servers: over another the proxy would come from an address that they do not trust', () => {
    const networksOf = (name: string) => [compose.services[name].networks].flat().flatMap((one) => Object.keys(one));
    for (const name of servers) {
      expect(networksOf(name).filter((network) => networksOf('nginx').includes(network))).toEqual(['inside']);
    }
  });

  it('is found by the labels of the pods', () => {
    const { labels } = deployment.spec.template.metadata;
    expect(deployment.spec.selector.matchLabels).toEqual(labels);
    expect(yamlOf('kubernetes/service.yaml').spec.selector).toEqual(labels);
    expect(yamlOf('kubernetes/disruption-budget.yaml').spec.selector.matchLabels).toEqual(labels);
    const { values } = yamlOf('kubernetes/network-policy.yaml').spec.podSelector.matchExpressions[0];
    expect(values).toEqual([deployment, job].map((one) => one.spec.template.metadata.labels['app.kubernetes.io/name']));
  });

  it('has no variable that Kubernetes makes of the name of a Service', () => {
    for (const one of [deployment, job]) expect(one.spec.template.spec.enableServiceLinks).toBe(false);
  });
});

describe('A container', () => {
  it.each([deployment, job])(
    'has no more rights than the restricted profile of Kubernetes gives: $kind',
    ({ spec }) => {
      const { securityContext, containers } = spec.template.spec;
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(`${securityContext.runAsUser}:${securityContext.runAsGroup}`).toBe(instruction('USER'));
      for (const { securityContext: own } of containers) {
        expect(own).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    },
  );

  it.each(Object.entries<Manifest>(compose.services))('has none in the compose file: %s', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });
});

describe('The image', () => {
  const [, copied = ''] = /for item in (.+?);/.exec(textOf('Dockerfile')) ?? [];

  it('has whatever a package of ours has to bring along', () => {
    const needed = readdirSync(join(root, 'libs')).flatMap((name) => {
      const { files } = JSON.parse(readFileSync(join(root, 'libs', name, 'package.json'), 'utf8')) as {
        files: string[];
      };
      return files.filter((file) => !file.startsWith('!'));
    });
    expect(copied.split(' ')).toEqual(expect.arrayContaining([...new Set(needed)]));
    expect(copied.split(' ')).toEqual(expect.arrayContaining(['package.json', 'bin']));
    expect(existsSync(join(root, 'apps/sts/bin/sts.js'))).toBe(true);
  });

  it('is made of nothing that a machine has made, and of no secret', () => {
    const left = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(left).toEqual(
      expect.arrayContaining(['.git', '.data', '**/node_modules', '**/dist', '**/*.pem', '**/*.key', '**/.env*']),
    );
  });
});

describe.each(kubernetesFolders)('The kustomization %s', (folder) => {
  const kustomization = yamlOf(join(folder, 'kustomization.yaml'));

  it('has every manifest beside it', () => {
    expect([...kustomization.resources].sort()).toEqual(filesOf(folder).sort());
  });

  it('names the image of its containers', () => {
    const images = manifestsOf(folder).flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
    for (const { image } of images) {
      expect(kustomization.images).toEqual([expect.objectContaining({ name: image })]);
    }
  });
});

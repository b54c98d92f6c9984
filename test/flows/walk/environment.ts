import { delimiter } from 'node:path';

/**
 * The variables of a developer's terminal: those of this process without what npm and Jest added to run it. npm is told to ask
 * nothing and to take what it has; no command of the guide needs to say so.
 */
export function developerEnvironment(): Record<string, string | undefined> {
  const added =
    /^(?:npm_(?:package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_workspaces?)|JEST_|INIT_CWD|NODE_ENV|NODE_OPTIONS|FORCE_COLOR)/i;
  const own = Object.entries(process.env).filter(([name]) => !added.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !/node_modules[\\/]\.bin$/.test(folder));
  return {
    ...Object.fromEntries(own),
    PATH: path.join(delimiter),
    NO_COLOR: '1',
    npm_config_yes: 'true',
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

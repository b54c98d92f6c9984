const { TestEnvironment } = require('jest-environment-node');

/** The process itself is where tests run; what a file changed of it is put back after the file. */
class NativeEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const { fakeTimersModern, moduleMocker } = this;
    this.fakeTimersModern = new fakeTimersModern.constructor({ config: config.projectConfig, global: globalThis });
    this.moduleMocker = new moduleMocker.constructor(globalThis);
  }

  async setup() {
    await super.setup();
    const { console } = globalThis;
    const { exitCode } = process;
    const variables = { ...process.env };
    globalThis.console = this.global.console;
    this.putBack = () => {
      globalThis.console = console;
      process.exitCode = exitCode;
      for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
      Object.assign(process.env, variables);
    };
  }

  async teardown() {
    this.putBack?.();
    await super.teardown();
  }
}

module.exports = NativeEnvironment;

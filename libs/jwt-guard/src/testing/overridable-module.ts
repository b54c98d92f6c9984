import { GuardSettings } from '../options/guard-settings.js';

/** What is needed of the builder that `Test.createTestingModule()` gives; nothing of @nestjs/testing is imported here. */
export interface OverridableModule {
  overrideProvider(token: unknown): {
    useFactory(options: { factory: (...given: never[]) => unknown; inject?: unknown[] }): unknown;
  };
  /** Replaced on the one builder. */
  compile(options?: never): Promise<CompiledModule>;
}

/** What compile() of the builder gives. */
interface CompiledModule {
  get(token: unknown, options: { strict: boolean }): unknown;
}

/** An override that comes too late, or has nothing to override, does nothing: this makes it an error that says so. */
export function assertOverridable(name: string, builder: OverridableModule): void {
  if (isCompiled(builder)) {
    throw new Error(
      `${name}() came after compile() and would do nothing; call it with the builder, and compile() then.`,
    );
  }
  const compile = builder.compile.bind(builder);
  builder.compile = async (...given) => {
    const module = await compile(...given);
    if (!hasGuard(module)) {
      throw new Error(
        `${name}() found no guard in the testing module; import JwtGuardModule, or the module of the application that does.`,
      );
    }
    return module;
  };
}

/** Modules are there from compile() on, and nothing public tells of them. */
function isCompiled(builder: OverridableModule): boolean {
  const { container } = builder as { container?: { getModules?(): ReadonlyMap<unknown, unknown> } };
  return (container?.getModules?.().size ?? 0) > 0;
}

function hasGuard(module: CompiledModule): boolean {
  try {
    return module.get(GuardSettings, { strict: false }) !== undefined;
  } catch {
    return false;
  }
}

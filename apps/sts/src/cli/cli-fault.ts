import { exitCodes } from './exit-codes.js';

/** Why a command ends without having done its work: a sentence that names what is wrong, where, and the remedy. */
export class CliFault extends Error {
  override readonly name = 'CliFault';

  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

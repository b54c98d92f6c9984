import { Catch, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { AccessRefusedException } from '../answers/access-refused.exception.js';

/** A Passport strategy never sees the response, so the headers of its refusals (RFC 6750 §3) are set here. */
@Catch(AccessRefusedException)
export class AccessRefusedFilter extends BaseExceptionFilter<AccessRefusedException> {
  constructor(private readonly adapterHost: HttpAdapterHost) {
    super();
  }

  override catch(refusal: AccessRefusedException, host: ArgumentsHost): void {
    // Other contexts have no response with headers, and filters of their own further out.
    if (host.getType() !== 'http') throw refusal;
    const { httpAdapter } = this.adapterHost;
    for (const [name, value] of Object.entries(refusal.headers))
      httpAdapter.setHeader(host.getArgByIndex(1), name, value);
    super.catch(refusal, host);
  }
}

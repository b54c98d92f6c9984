import { type CanActivate, type ExecutionContext, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { AllowedOrigins } from '../clients/allowed-origins.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { GateAnswer } from './gate-answer.js';
import { ENDPOINT_RULES, type EndpointRules } from './endpoint-rules.js';
import { isForm } from './decode.js';
import type { HttpReply, HttpRequest } from './message.js';

const notAForm = 'The body must be a form: application/x-www-form-urlencoded.';

/** Stands before every protocol endpoint: is it switched on, is the method right, which web page may read the answer. */
@Injectable()
export class EndpointGate implements CanActivate {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly allowedOrigins: AllowedOrigins,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const rules = Reflect.getMetadata(ENDPOINT_RULES, context.getClass()) as EndpointRules;
    if (!this.options.endpoints[rules.name]) throw new NotFoundException('This endpoint is switched off.');
    await this.setCorsHeaders(request, http.getResponse<HttpReply>(), rules);
    this.checkMethod(request.method, rules);
    if (hasTwoAuthorizations(request)) throw new GateAnswer(400, {}, 'The Authorization header was sent twice.');
    if (rules.formOr && !isForm(request)) throw new GateAnswer(rules.formOr, {}, notAForm);
    return true;
  }

  private checkMethod(method: string, { methods }: EndpointRules): void {
    if ((methods as readonly string[]).includes(method) || (method === 'HEAD' && methods.includes('GET'))) return;
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    throw method === 'OPTIONS'
      ? new GateAnswer(204, {
          Allow: allow,
          'Access-Control-Allow-Methods': methods.join(', '),
          'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, X-Requested-With',
          'Access-Control-Max-Age': '600',
        })
      : new GateAnswer(405, { Allow: allow }, `Method ${method} is not allowed here; use ${methods.join(' or ')}.`);
  }

  private async setCorsHeaders({ headers }: HttpRequest, reply: HttpReply, { origins }: EndpointRules): Promise<void> {
    if (origins === 'any') {
      reply.header('Access-Control-Allow-Origin', '*');
      return;
    }
    if (origins === 'none' || headers.origin === undefined) return;
    reply.header('Vary', 'Origin');
    if (!(await this.allowedOrigins.has(headers.origin))) return;
    reply.header('Access-Control-Allow-Origin', headers.origin);
    reply.header('Access-Control-Expose-Headers', 'DPoP-Nonce, WWW-Authenticate');
  }
}

/** Node keeps the first and drops the others; which one was meant is not for us to guess (RFC 6749 §2.3). */
function hasTwoAuthorizations({ headers, rawHeaders, raw }: HttpRequest): boolean {
  if (headers.authorization === undefined) return false;
  const names = rawHeaders ?? raw?.rawHeaders ?? [];
  let found = 0;
  for (let i = 0; i < names.length; i += 2) {
    if (names[i]!.length === 13 && names[i]!.toLowerCase() === 'authorization') found++;
  }
  return found > 1;
}

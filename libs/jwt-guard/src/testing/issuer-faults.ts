import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { IssuerEndpoint } from './issuer-endpoints.js';

/** What happens in the place of an answer, or before it: true where the answer is still to come. */
type Fault = (response: ServerResponse) => Promise<boolean> | boolean;

/** Everything that an issuer can do wrong while it is there, at one endpoint or at all of them. */
export class IssuerFaults {
  private readonly faults = new Map<IssuerEndpoint | 'all', Fault>();

  failWith(status: number, at: IssuerEndpoint | 'all'): void {
    this.faults.set(at, (response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"server_error"}');
      return false;
    });
  }

  delay(seconds: number, at: IssuerEndpoint | 'all'): void {
    this.faults.set(at, () => setTimeout(seconds * 1000, true, { ref: false }));
  }

  /** The headers come, and never the end. */
  hang(at: IssuerEndpoint | 'all'): void {
    this.faults.set(at, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
      return false;
    });
  }

  garble(at: IssuerEndpoint | 'all'): void {
    this.faults.set(at, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys": [ <html>');
      return false;
    });
  }

  clear(): void {
    this.faults.clear();
  }

  /** Whether the endpoint is to answer as it should. */
  async pass(endpoint: IssuerEndpoint, response: ServerResponse): Promise<boolean> {
    const fault = this.faults.get(endpoint) ?? this.faults.get('all');
    return fault ? fault(response) : true;
  }
}

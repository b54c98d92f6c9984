import { Injectable } from '@nestjs/common';
import { type Client, ClientStore } from '@tessera/resource-model';

/** The origins of web pages that some enabled client lists; collected anew when the clients change, because every request of a browser asks. */
@Injectable()
export class AllowedOrigins {
  private known: { readonly clients: readonly Client[]; readonly origins: ReadonlySet<string> } | undefined;

  constructor(private readonly clients: ClientStore) {}

  async has(origin: string): Promise<boolean> {
    const clients = await this.clients.list();
    if (this.known?.clients !== clients) this.known = { clients, origins: originsOf(clients) };
    return this.known.origins.has(origin);
  }
}

function originsOf(clients: readonly Client[]): ReadonlySet<string> {
  return new Set(clients.filter(({ enabled }) => enabled).flatMap((client) => client.allowedCorsOrigins));
}

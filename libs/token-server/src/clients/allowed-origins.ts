import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ClientStore } from '@tessera/resource-model';

/** The origins of web pages that some enabled client lists; kept ready, because every request of a browser asks. */
@Injectable()
export class AllowedOrigins implements OnModuleInit {
  private origins: ReadonlySet<string> = new Set();

  constructor(private readonly clients: ClientStore) {}

  async onModuleInit(): Promise<void> {
    const clients = await this.clients.list();
    this.origins = new Set(clients.filter(({ enabled }) => enabled).flatMap((client) => client.allowedCorsOrigins));
  }

  has(origin: string): boolean {
    return this.origins.has(origin);
  }
}

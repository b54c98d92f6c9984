import { createHash } from 'node:crypto';

/** A picture, style or script, kept in memory and sent as it is. */
export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  /** Of its content: in its address, so that browsers may keep it for ever. */
  readonly version: string;
}

/** What is served beside the pages, by file name. */
export class Assets {
  private readonly byName: ReadonlyMap<string, Asset>;
  readonly hasFonts: boolean;

  constructor(contents: ReadonlyMap<string, Buffer>) {
    this.byName = new Map(
      [...contents].map(([name, body]) => [name, { body, type: typeOf(name), version: versionOf(body) }]),
    );
    this.hasFonts = [...this.byName.values()].some(({ type }) => type.startsWith('font/'));
  }

  find(name: string): Asset | undefined {
    return this.byName.get(name);
  }

  /** Below the issuer, without a leading slash. */
  path(name: string): string | undefined {
    const asset = this.find(name);
    return asset && `assets/${asset.version}/${name}`;
  }
}

/** The kinds of files that are served; any other in the folder is a fault. */
export const assetTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

function typeOf(name: string): string {
  return assetTypes[name.slice(name.lastIndexOf('.'))]!;
}

function versionOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 16);
}

import type { KnownDevice } from '@tessera/resource-model';
import { EntitySchema } from 'typeorm';
import { key, seconds, text } from './columns.js';

export const knownDeviceSchema = new EntitySchema<KnownDevice>({
  name: 'known_devices',
  columns: {
    deviceHash: text('device_hash', key),
    subject: text('subject', key),
    expiresAt: seconds('expires_at'),
  },
  indices: [{ name: 'known_devices_end', columns: ['expiresAt'] }],
});

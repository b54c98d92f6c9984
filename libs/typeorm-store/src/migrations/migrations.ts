import { OperationalStores1795420800000 } from './1795420800000-operational-stores.js';
import { CodesAndTokens1795420801000 } from './1795420801000-codes-and-tokens.js';
import { People1795420802000 } from './1795420802000-people.js';
import { Configuration1795420803000 } from './1795420803000-configuration.js';
import { SigningKeys1795420804000 } from './1795420804000-signing-keys.js';
import { ClientSecrets1795420805000 } from './1795420805000-client-secrets.js';
import { RefreshResponses1795420806000 } from './1795420806000-refresh-responses.js';
import { UsedIds1795420807000 } from './1795420807000-used-ids.js';
import { Confirmations1795420808000 } from './1795420808000-confirmations.js';
import { PushedRequests1795420809000 } from './1795420809000-pushed-requests.js';
import { RegisteredClients1795420810000 } from './1795420810000-registered-clients.js';
import { AuthorizationDetails1795420811000 } from './1795420811000-authorization-details.js';
import { BackchannelAuthentications1795420812000 } from './1795420812000-backchannel-authentications.js';
import { DeviceDetails1795420814000 } from './1795420814000-device-details.js';
import { UnusedRegistrations1795420813000 } from './1795420813000-unused-registrations.js';

/** Every change of the schema, oldest first. One that has been released is never edited. */
export const migrations = [
  OperationalStores1795420800000,
  CodesAndTokens1795420801000,
  People1795420802000,
  Configuration1795420803000,
  SigningKeys1795420804000,
  ClientSecrets1795420805000,
  RefreshResponses1795420806000,
  UsedIds1795420807000,
  Confirmations1795420808000,
  PushedRequests1795420809000,
  RegisteredClients1795420810000,
  AuthorizationDetails1795420811000,
  BackchannelAuthentications1795420812000,
  DeviceDetails1795420814000,
  UnusedRegistrations1795420813000,
];

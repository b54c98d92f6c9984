// For tests and tools in this repository: the server as a library.
export { loadSettings, type Settings, SettingsError } from './configuration/settings.js';
export { createSts } from './create-sts.js';
export { createServerLog } from './logging/server-log.js';
export { developmentCertificate } from './tls/development-certificate.js';

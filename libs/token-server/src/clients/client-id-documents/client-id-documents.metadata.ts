import type { DiscoveryPart } from '../../http/discovery-part.js';

/** Whether the address of a document is taken for a client_id (draft-ietf-oauth-client-id-metadata-document §6). */
export const clientIdDocumentsMetadata: DiscoveryPart = ({ options, hasPeople }) => ({
  client_id_metadata_document_supported: (hasPeople && options.clientIdMetadataDocuments.hosts.length > 0) || undefined,
});

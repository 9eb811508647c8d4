import type { ManagerCall, ManagerReply } from './manager-call.ts'
import { POSIX_CONNECTOR } from './storage-gateways.ts'

/** `GET /api/info`, for which nobody has to log in. */
export const info = ({ endpoint, context }: Pick<ManagerCall, 'endpoint' | 'context'>): ManagerReply => ({
  data: [
    {
      DATA_TYPE: 'info#1.0.0',
      api_version: '1.29.0',
      manager_version: '5.4.80',
      client_id: endpoint.id,
      endpoint_id: endpoint.id,
      domain_name: new URL(context.origins.of(endpoint.id) ?? context.issuer).host,
    },
    { DATA_TYPE: 'connector#1.1.0', id: POSIX_CONNECTOR, display_name: 'POSIX', is_baa: false, is_ha: false },
  ],
})

/** `GET /api/endpoint` */
export const getEndpoint = ({ endpoint, context }: ManagerCall): ManagerReply => ({
  data: [
    {
      DATA_TYPE: 'endpoint#1.2.0',
      id: endpoint.id,
      display_name: endpoint.displayName,
      description: endpoint.description,
      organization: endpoint.organization,
      department: endpoint.department,
      keywords: endpoint.keywords === null ? [] : endpoint.keywords.split(', '),
      contact_email: endpoint.contactEmail,
      contact_info: null,
      info_link: endpoint.infoLink,
      public: endpoint.public,
      subscription_id: endpoint.subscriptionId,
      gcs_manager_url: context.origins.of(endpoint.id),
      gridftp_control_channel_port: 443,
      network_use: 'normal',
      max_concurrency: 4,
      max_parallelism: 8,
      preferred_concurrency: 2,
      preferred_parallelism: 4,
      allow_udt: false,
      earliest_last_access: null,
    },
  ],
})

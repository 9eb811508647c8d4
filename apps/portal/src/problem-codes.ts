/** What an operator can do about a problem, by its stable code. `docs/portal-errors.md` is made of it. */
export interface CodeEntry {
  readonly status: string
  readonly meaning: string
}

/** Every code of the portal itself. Those of login, sessions and services are the kit's: `docs/errors.md`. */
export const problemCodes: Readonly<Record<string, CodeEntry>> = {
  access_required: {
    status: '403',
    meaning:
      'The person does not meet `access.require` of the portal or of the dataset. The log line names what is missing.',
  },
  admin_required: { status: '403', meaning: 'The person is not among `admins`.' },
  bad_name: {
    status: '400',
    meaning: 'A name for a file or folder is empty, too long, or holds a slash or line break.',
  },
  body_too_large: { status: '413', meaning: 'A form of more than 64 kB. Uploads have no limit here.' },
  choose_one: { status: '400', meaning: 'Nothing, or more than one thing, was chosen to be renamed.' },
  denied: {
    status: '403',
    meaning: 'The storage or Globus does not let this person do that. The collection decides, not the portal.',
  },
  exists: { status: '409', meaning: 'There is a file or folder of that name already.' },
  full: { status: '507', meaning: 'The storage has no room, or the person has used up their quota.' },
  grant_failed: {
    status: '503',
    meaning:
      'Globus did not answer, so nobody knows whether the permission is there; pressing again makes no second one.',
  },
  grant_refused: {
    status: '502',
    meaning:
      'Globus lets the portal give no permissions on the collection of a dataset with `access.grant`. The log line says what to do: make the portal an access manager.',
  },
  in_progress: {
    status: '503',
    meaning:
      'The same guest collection is being made by an earlier click, and Globus has not answered for half a minute.',
  },
  internal_error: {
    status: '500',
    meaning: 'A fault of the portal. The log line with the same request id has the error: please report it.',
  },
  malformed_request: {
    status: '400',
    meaning: 'A request line or `Host` that is no address. Sent by scanners; check the proxy if people see it.',
  },
  no_account: {
    status: '403',
    meaning: 'Globus knows no account of the person on the storage that works, and a guest collection needs one.',
  },
  no_collection: { status: '404', meaning: 'There is no such collection, or the person may not know of it.' },
  no_file: { status: '404', meaning: 'There is no such file.' },
  no_folder: { status: '404', meaning: 'There is no such folder.' },
  no_group: { status: '404', meaning: 'There is no such group, or the person may not see it.' },
  no_https: {
    status: '409',
    meaning: 'The collection has no HTTPS server, or one that the kit refuses: not https, or a private address.',
  },
  no_kind: { status: '409', meaning: 'The collection is of a kind on which no guest collections are made.' },
  no_subscription: {
    status: '403',
    meaning: 'The endpoint has no subscription, without which nothing on it can be shared.',
  },
  no_transfer: { status: '404', meaning: 'There is no such task, or it is another person’s.' },
  not_a_folder: { status: '409', meaning: 'The path names a file.' },
  not_found: { status: '404', meaning: 'No page has this address.' },
  not_trusted: {
    status: '502',
    meaning: "The manager's address in the collection's document is not https, or private: no token was sent there.",
  },
  not_yours: { status: '403', meaning: 'Only who made a guest collection, or administers it, can take it away.' },
  nothing_selected: { status: '400', meaning: 'A form came without any file or folder.' },
  odd_name: { status: '400', meaning: 'A name that no web address can carry, such as one with a line break.' },
  offline: { status: '502', meaning: 'The computer or server of the collection is not connected to Globus.' },
  other: { status: '416, 502', meaning: 'The storage refused for a reason of its own; its words stand on the page.' },
  other_identity: { status: '403', meaning: 'The collection wants an identity of a domain where the person has none.' },
  paused: { status: '503', meaning: 'Somebody who manages the collection has paused it.' },
  reveal_disabled: { status: '403', meaning: 'Tokens are shown only where `development.revealTokens` is on.' },
  search_refused: {
    status: '400',
    meaning: 'Globus Search did not understand the words or facets. Compare `search.facets` with the index.',
  },
  search_unavailable: {
    status: '503',
    meaning: 'Globus Search did not answer, or there is no such index: check `search.index`.',
  },
  share_denied: { status: '403', meaning: 'The storage or its policies do not let this person share the folder.' },
  sharing_off: { status: '403', meaning: 'Its administrator has not allowed guest collections on the collection.' },
  too_many: { status: '502', meaning: 'The folder holds more than the storage lists.' },
  too_many_streams: {
    status: '429',
    meaning: 'One person has 600 streams of events open: a program of theirs opens them and does not close them.',
  },
  too_much_at_once: {
    status: '429',
    meaning: 'More than fifty large listings or previews of one person wait: a program of theirs asks for all at once.',
  },
  unknown_resource_server: { status: '400', meaning: 'The portal holds no token of that service for the person.' },
  unreachable: { status: '503', meaning: 'A service of Globus or the server of a collection did not answer in time.' },
  unsupported: { status: '502', meaning: 'The storage has no such operation.' },
}

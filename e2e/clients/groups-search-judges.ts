import type { Judge } from './judges.ts'

/** What the official Python clients must be able to do with Groups and Search. */
export const groupsSearchJudges: readonly Judge[] = [
  {
    client: 'globus-sdk GroupsClient, SearchClient',
    runtime: 'venv',
    program: 'python/groups_search.py',
    required: [
      'login',
      'my groups',
      'get group',
      'group crud',
      'group policies',
      'membership actions',
      'identity preferences',
      'membership fields',
      'group subscription',
      'high assurance group',
      'search paging',
      'post search',
      'scroll',
      'index crud',
      'ingest',
      'subject and entry',
      'delete tasks',
      'index roles',
      'every method',
    ],
  },
  {
    client: 'globus-cli group, search',
    runtime: 'venv',
    program: 'python/groups_search_cli.py',
    required: [
      'login',
      'group list, show',
      'group create, update, delete',
      'group policies',
      'group member',
      'group join',
      'group subscription',
      'search query',
      'search index',
      'search ingest, subject, task',
      'search index role',
    ],
  },
]

import { demo } from '../demo.ts'
import type { Group } from '../world/groups.ts'
import type { Mail } from '../world/outbox.ts'
import type { Membership } from '../world/memberships.ts'
import { defaultPolicies } from './policies.ts'

const { groups: ids, people } = demo

type Given = Pick<Group, 'id' | 'name' | 'description'> & Partial<Group>

const make = (given: Given): Omit<Group, 'createdAt'> => ({
  termsAndConditions: null,
  parent: null,
  policies: defaultPolicies,
  subscriptionId: null,
  subscriptionInfo: null,
  verifiedSubscription: null,
  ...given,
})

/** The groups of the demo world. */
export const demoGroupList: readonly Omit<Group, 'createdAt'>[] = [
  make({
    id: ids.tideCrew,
    name: 'Tide Crew',
    description: 'Who works on the tide survey; sees what is not released yet',
    policies: { ...defaultPolicies, visibility: 'authenticated', membersVisibility: 'members', joinRequests: true },
  }),
  make({
    id: ids.portalUsers,
    name: 'Portal Users',
    description: 'Who may use the Harbour Portal',
    termsAndConditions: 'Cite the survey when you publish.',
  }),
  make({
    id: ids.harbourSubscription,
    name: 'Harbour University Subscription',
    description: 'Stands for the subscription of Harbour University',
    policies: { ...defaultPolicies, visibility: 'authenticated' },
    subscriptionId: ids.subscription,
    subscriptionInfo: {
      name: 'Harbour University',
      subscriber_name: 'Harbour University',
      is_high_assurance: true,
      is_baa: false,
      connectors: {},
    },
  }),
]

const member = (group: string, identity: string, more: Partial<Membership> = {}): Omit<Membership, 'updatedAt'> => ({
  group,
  identity,
  role: 'member',
  status: 'active',
  statusReason: null,
  inviteEmailAddress: null,
  invitedAt: null,
  ...more,
})

/** Who is in which group. Sam asked to join the Tide Crew; nobody has answered yet. */
export const demoMemberships: readonly Omit<Membership, 'updatedAt'>[] = [
  member(ids.tideCrew, people.maya, { role: 'admin' }),
  member(ids.tideCrew, people.zoe),
  member(ids.tideCrew, people.sam, { status: 'pending' }),
  member(ids.portalUsers, people.maya, { role: 'admin' }),
  member(ids.harbourSubscription, people.ingrid, { role: 'admin' }),
]

/** The one mail in the outbox of a new world. */
export const demoMail: Omit<Mail, 'sentAt'> = {
  id: '2b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8001',
  identity: people.sam,
  recipient: 'sam@globusid.org',
  subject: 'Your request to join the group Tide Crew',
  text: 'Your request to join the Globus group Tide Crew waits for an answer of its managers.',
  cause: 'group join request',
}

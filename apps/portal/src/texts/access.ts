/** Words for people who may not see something, and for what they can do about it. */
export const access = {
  title: 'This is not open to you yet',
  advice: (person: string) => `You are logged in as ${person}. To see this page, one thing is missing:`,
  adviceForMany: (person: string) => `You are logged in as ${person}. To see this page, these things are missing:`,
  group: (name: string) => `Membership in the Globus group ${name}.`,
  groups: (names: string) => `Membership in one of these Globus groups: ${names}.`,
  joinGroup: (name: string) => `Ask to join ${name}`,
  domain: (domains: string) =>
    `An identity of ${domains}. If you have one, link it to your Globus account, or log in with it.`,
  identity: 'Your name on the list of people who are let in.',
  linkIdentity: 'Link an identity at Globus',
  ask: 'Whom to ask:',
  askNobody: 'Ask the people who run this site, and tell them the username above.',
  anotherIdentity: 'Use another identity',
  adminTitle: 'This page is for those who run the portal',
  admin: 'Your name, or a group of yours, among the admins in the portal’s settings.',
} as const

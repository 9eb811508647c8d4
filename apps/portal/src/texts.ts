import { access } from './texts/access.ts'
import { account } from './texts/account.ts'
import { admin } from './texts/admin.ts'
import { collections } from './texts/collections.ts'
import { data } from './texts/data.ts'
import { fileActions, fileFailures, files } from './texts/files.ts'
import { facts } from './texts/facts.ts'
import { home } from './texts/home.ts'
import { logout } from './texts/logout.ts'
import { newTransfer } from './texts/new-transfer.ts'
import { preview } from './texts/preview.ts'
import { problems } from './texts/problems.ts'
import { resume } from './texts/resume.ts'
import { search } from './texts/search.ts'
import { groups, sharing } from './texts/sharing.ts'
import { shareFolder } from './texts/share-folder.ts'
import { shell } from './texts/shell.ts'
import { transfers } from './texts/transfers.ts'
import { troubles } from './texts/troubles.ts'
import { uploads } from './texts/uploads.ts'

/** Every word that pages show and no service sent. A translation is another object of this shape. */
export const texts = {
  access,
  account,
  admin,
  collections,
  data,
  facts,
  files,
  fileActions,
  fileFailures,
  home,
  logout,
  newTransfer,
  preview,
  problems,
  search,
  sharing,
  shareFolder,
  groups,
  shell,
  transfers,
  troubles,
  uploads,
  signedIn: { done: 'You are logged in', closeWindow: 'Close this window and go on in the other one.' },
  resume,
  failureSays: 'It says:',
  tryAgain: 'Try again',
  folderAbove: 'Open the folder above',
  useIdentity: 'Log in with such an identity',
  openAsFile: 'Open the file',
} as const

/** Words of the list of uploads, for the script that shows it. `#` stands for what is filled in. */
export const uploads = {
  uploads: 'Uploads',
  uploadWaiting: 'waiting',
  uploadDone: 'done',
  uploadFailed: 'failed: #',
  uploadExists: 'There is a # already.',
  uploadReplace: 'Replace',
  uploadSkip: 'Skip',
  uploadSkipped: 'skipped',
  uploadCancel: 'Cancel',
  uploadRetry: 'Try again',
  uploadNoFolders: 'Folders cannot be dropped here: drop the files in them.',
  uploadPaused: 'Globus wants you to log in again before the upload goes on.',
  uploadContinue: 'Log in and go on',
  uploadSomebodyElse: 'Somebody else is logged in now. Open the page again.',
  uploadAllDone: '# uploaded',
} as const

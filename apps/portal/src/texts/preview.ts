/** Words of the page that shows a file. */
export const preview = {
  modified: 'Modified',
  cut: 'Only the beginning is shown; download the file to have all of it.',
  notEnabled:
    'To show files of this collection the portal needs your permission for it. Globus asks you once, and you come back to this file.',
  empty: 'This file is empty.',
  none: 'This kind of file cannot be shown here. Download it, or copy it to where you work with it.',
  content: 'Content of the file',
  rows: (shown: number, total: number) =>
    shown === total ? `${total} ${total === 1 ? 'row' : 'rows'}` : `The first ${shown} of ${total} rows`,
  unnamed: 'no name',
  plots: 'Charts',
  utc: (time: string) => `${time} UTC`,
  row: (number: number) => `row ${number}`,
  plotOf: (name: string, first: string, last: string, [from, to]: readonly [string, string]) =>
    `${name} from ${first} to ${last}: between ${from} and ${to}`,
} as const

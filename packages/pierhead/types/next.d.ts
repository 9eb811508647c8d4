// What `src/next.ts` takes of Next.js, which weighs more than all that is installed here together and is no dependency of
// this repository. `npm run test:next` compares these lines with Next's own.
declare module 'next/headers.js' {
  export function headers(): Promise<Pick<Headers, 'get'>>
  export function cookies(): Promise<{
    set(
      name: string,
      value: string,
      options: { path: '/'; httpOnly: true; secure: boolean; sameSite: 'lax'; maxAge: number },
    ): unknown
  }>
}

declare module 'next/navigation' {
  export function redirect(url: string): never
}

declare module 'next/server.js' {
  export class NextResponse extends Response {
    static next(init: { request: { headers: Headers } }): NextResponse
  }
}

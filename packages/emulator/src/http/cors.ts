/** The headers that let a page of another origin call an endpoint that knows no cookies. Credentials are never allowed. */
export function corsHeaders(request: Request): Record<string, string> {
  const origin = request.headers.get('origin')
  return origin === null ? {} : { 'access-control-allow-origin': origin, vary: 'Origin' }
}

/** The answer to a preflight; the official clients send `X-Globus-Client-Info` with every call. */
export function preflightResponse(request: Request): Response {
  const headers = {
    ...corsHeaders(request),
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, x-globus-client-info',
    'access-control-max-age': '600',
  }
  return new Response(null, { status: 204, headers })
}

/** The address of the app that is logged in to. */
export const redirectUri = 'http://localhost:8888/login'

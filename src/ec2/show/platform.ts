/** What EC2 calls the platform's details, and the one place where a machine or image on simulated hosts says so. */
export const platformDetails = ({ simulated }: { readonly simulated: boolean }): string =>
  simulated ? 'Linux/UNIX (simulated host)' : 'Linux/UNIX'

// The four pages that most people see, for Lighthouse and the speed figures.

/** Their names and addresses in this house. */
export function mainPages(states) {
  const first = (route) => states.find((state) => state.route === route && !state.wrong)?.path;
  return [
    ['home', '/'],
    ['campaign', first('/campaigns/{id}')],
    ['give', first('/campaigns/{id}/give')],
    ['receipt', first('/donations/{id}')],
  ];
}

/** What the harness itself asks; the load is made elsewhere. */
export async function postForm(url, form, clientId, clientSecret) {
  const response = await fetch(url, {
    method: 'POST',
    headers: formHeaders(clientId, clientSecret),
    body: new URLSearchParams(form).toString(),
  });
  return bodyOf(response);
}

/** @throws Error unless the answer is 200 with a JSON body */
export async function bodyOf(response) {
  return JSON.parse(await textOf(response));
}

/** @throws Error unless the answer is 200 */
export async function textOf(response) {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

export function formHeaders(clientId, clientSecret) {
  return {
    authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
}

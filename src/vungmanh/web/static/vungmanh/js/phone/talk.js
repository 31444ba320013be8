// One question to the server. A network that answers with a page of its own (a hotel, a portal) is
// no server of ours: only JSON counts.

const PATIENCE = 60000; // a slow line is no fault

export class Trouble extends Error {
  constructor(code, { status = 0, message = "", wait = 0 } = {}) {
    super(message);
    Object.assign(this, { code, status, wait });
  }
}

const answerOf = async (path, options, signal) => {
  try {
    return await fetch(path, { credentials: "same-origin", redirect: "error", cache: "no-store", signal, ...options });
  } catch (error) {
    throw new Trouble(navigator.onLine ? "no-answer" : "no-network");
  }
};

export const ask = async (path, { body, headers = {} } = {}) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  const options = { headers: { Accept: "application/json", ...headers } };
  if (body) {
    options.method = "POST";
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  try {
    const response = await answerOf(path, options, stop.signal);
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    const said = isJson ? await response.json().catch(() => null) : null;
    if (response.ok && said) return said;
    const wait = Number(response.headers.get("Retry-After")) * 1000 || 0;
    if (said && said.code) throw new Trouble(said.code, { status: response.status, message: said.message, wait });
    throw new Trouble(response.status >= 500 ? "server-trouble" : "not-ours", { status: response.status, wait });
  } finally {
    clearTimeout(timer);
  }
};

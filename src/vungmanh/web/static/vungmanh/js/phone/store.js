// The database of the phone. `outbox`: one row an item, in the order made. `sealed`: the answer of
// the server and the drafts. `locks`: what a PIN opens. `meta`: the device, the last contact.

const NAME = "vungmanh-phone";
const VERSION = 1;
let opened = null;

const build = (db) => {
  db.createObjectStore("meta", { keyPath: "name" });
  db.createObjectStore("locks", { keyPath: "id" });
  db.createObjectStore("sealed", { keyPath: ["lock", "name"] });
  db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
};

const open = () => {
  opened = opened || new Promise((resolve, reject) => {
    const asked = window.indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => build(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const db = asked.result;
      // Deleted or renewed from elsewhere: let go, and open anew when next asked.
      db.onversionchange = () => { db.close(); opened = null; };
      db.onclose = () => { opened = null; };
      resolve(db);
    };
  });
  return opened;
};

// Run `work(stores)` in one transaction; all of it is stored, or nothing. What `work` returns may
// be a request: its result is given back once everything is on the disk.
const within = async (names, mode, work) => {
  const db = await open();
  return new Promise((resolve, reject) => {
    const options = mode === "readwrite" ? { durability: "strict" } : {};
    const transaction = db.transaction(names, mode, options);
    const stores = names.map((name) => transaction.objectStore(name));
    const made = work(...stores);
    transaction.oncomplete = () => resolve(made instanceof IDBRequest ? made.result : made);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
};

export const read = (name, key) => within([name], "readonly", (store) => store.get(key));
export const readAll = (name) => within([name], "readonly", (store) => store.getAll());
export const put = (name, row) => within([name], "readwrite", (store) => store.put(row));
export const remove = (name, key) => within([name], "readwrite", (store) => store.delete(key));
export const together = (names, work) => within(names, "readwrite", work);

export const getMeta = async (name) => ((await read("meta", name)) || {}).value;
export const setMeta = (name, value) => put("meta", { name, value });

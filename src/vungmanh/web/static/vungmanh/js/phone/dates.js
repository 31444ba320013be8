// Days and months as they are written in Vietnamese. A day is an ISO text, never a moment: a day
// has no time zone.

const two = (number) => String(number).padStart(2, "0");

export const dayText = (iso) => iso ? `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}` : "";
export const monthText = (iso) => `${Number(iso.slice(5, 7))}/${iso.slice(0, 4)}`;
export const today = (now = new Date()) =>
  `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
export const lastDay = (month) => {
  const [year, number] = month.split("-").map(Number);
  return `${month.slice(0, 7)}-${two(new Date(year, number, 0).getDate())}`;
};
export const momentText = (iso) => {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())} ${dayText(today(at))}`;
};

// The moment with the zone of this phone: a day is a day where the phone was.
export const momentHere = (now = new Date()) => {
  const ahead = -now.getTimezoneOffset();
  const zone = `${ahead < 0 ? "-" : "+"}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${today(now)}T${time}${zone}`;
};

export const minutesLater = (time, minutes) => {
  const whole = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)) + minutes) % 1440;
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
};
export const minutesBetween = (starts, ends) => {
  const at = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return (at(ends) - at(starts) + 1440) % 1440;
};

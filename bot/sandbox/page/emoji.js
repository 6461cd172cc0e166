// The shortcodes that stand-ups, retrospectives and risk reviews tend to use; others stay as text.

const COMMON = {
  "+1": "👍", "-1": "👎", "100": "💯", alarm_clock: "⏰", arrow_down: "⬇️", arrow_forward: "▶️",
  arrow_left: "⬅️", arrow_right: "➡️", arrow_up: "⬆️", arrows_counterclockwise: "🔄", art: "🎨",
  ballot_box_with_check: "☑️", bangbang: "‼️", bar_chart: "📊", beach_with_umbrella: "🏖️", bell: "🔔",
  no_bell: "🔕", black_circle: "⚫", blue_heart: "💙", blush: "😊", book: "📖", bookmark: "🔖", boom: "💥",
  brain: "🧠", bug: "🐛", bulb: "💡", busts_in_silhouette: "👥", bust_in_silhouette: "👤", cake: "🍰",
  calendar: "📆", spiral_calendar_pad: "🗓️", date: "📅", chart_with_downwards_trend: "📉",
  chart_with_upwards_trend: "📈", checkered_flag: "🏁", clap: "👏", clipboard: "📋", clock1: "🕐",
  clock9: "🕘", cloud: "☁️", coffee: "☕", confetti_ball: "🎊", construction: "🚧", cry: "😢", dart: "🎯",
  double_vertical_bar: "⏸️", earth_africa: "🌍", earth_americas: "🌎", earth_asia: "🌏", email: "📧",
  exclamation: "❗", eyes: "👀", face_with_thermometer: "🤒", file_folder: "📁", fire: "🔥", gear: "⚙️",
  ghost: "👻", globe_with_meridians: "🌐", green_heart: "💚", grey_question: "❔", grin: "😁", grinning: "😀",
  hammer_and_wrench: "🛠️", handshake: "🤝", heart: "❤️", heavy_check_mark: "✔️", heavy_plus_sign: "➕",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", house: "🏠", house_with_garden: "🏡", inbox_tray: "📥", information_source: "ℹ️",
  joy: "😂", key: "🔑", label: "🏷️", large_blue_circle: "🔵", large_green_circle: "🟢",
  large_orange_diamond: "🔶", small_orange_diamond: "🔸", white_small_square: "▫️",
  large_orange_circle: "🟠", large_yellow_circle: "🟡", large_red_square: "🟥", large_yellow_square: "🟨",
  large_green_square: "🟩", large_orange_square: "🟧", link: "🔗", lock: "🔒", unlock: "🔓", mag: "🔍",
  mailbox: "📫", mega: "📣", loudspeaker: "📢", memo: "📝", pencil: "📝", pencil2: "✏️", moon: "🌙",
  crescent_moon: "🌙", mute: "🔇", neutral_face: "😐", no_entry: "⛔", no_entry_sign: "🚫", notebook: "📓",
  octagonal_sign: "🛑", ok: "🆗", ok_hand: "👌", outbox_tray: "📤", package: "📦", palm_tree: "🌴",
  paperclip: "📎", partying_face: "🥳", pause_button: "⏸️", point_right: "👉", point_down: "👇", pray: "🙏",
  pushpin: "📌", question: "❓", rainbow: "🌈", raised_hand: "✋", raised_hands: "🙌", recycle: "♻️",
  red_circle: "🔴", repeat: "🔁", robot_face: "🤖", rocket: "🚀", rotating_light: "🚨", rose: "🌹",
  scales: "⚖️", see_no_evil: "🙈", seedling: "🌱", shield: "🛡️", shrug: "🤷", slightly_smiling_face: "🙂",
  simple_smile: "🙂", smile: "😄", smiley: "😃", snowflake: "❄️", sob: "😭", sparkles: "✨",
  speech_balloon: "💬", star: "⭐", star2: "🌟", stopwatch: "⏱️", sun_with_face: "🌞", sunny: "☀️",
  sunrise: "🌅", sunglasses: "😎", tada: "🎉", test_tube: "🧪", thinking_face: "🤔", thought_balloon: "💭",
  thumbsdown: "👎", thumbsup: "👍", timer_clock: "⏲️", triangular_flag_on_post: "🚩", trophy: "🏆",
  unamused: "😒", v: "✌️", warning: "⚠️", wastebasket: "🗑️", wave: "👋", white_check_mark: "✅",
  white_circle: "⚪", white_large_square: "⬜", wrench: "🔧", writing_hand: "✍️", x: "❌",
  negative_squared_cross_mark: "❎", yellow_heart: "💛", yum: "😋", zap: "⚡", zzz: "💤", one: "1️⃣",
  two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", six: "6️⃣", seven: "7️⃣", eight: "8️⃣", nine: "9️⃣",
};

/** The character of `:name:`, or null for one that isn't in the set. */
export const emoji = (name) => COMMON[name.split("::")[0]] ?? null;

const NAMES = new Map(Object.entries(COMMON).map(([name, character]) => [character, name]).reverse());
const CHARACTERS = new RegExp([...NAMES.keys()].sort((a, b) => b.length - a.length).join("|"), "gu");

/** Typed text with its emoji as the shortcodes that messages carry. */
export const withShortcodes = (text) => text.replace(CHARACTERS, (character) => `:${NAMES.get(character)}:`);

/** Plain text with its shortcodes replaced. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);

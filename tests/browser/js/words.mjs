/** As the page's first script does: the words are there before anything asks for them. */
import { useWords } from "../../../cfmap/publish/web/src/i18n.js";
import { WORDS } from "../../../cfmap/publish/web/src/words.js";

useWords(WORDS);

/** The sheets that every component builds on; imported before any of them. */
import { adopt } from "./adopt";
import base from "./base.css?inline";
import tokens from "./tokens.css?inline";

adopt(tokens);
adopt(base);

export { Button, type ButtonProps } from "./button";
export { Combo, Check, Choice, Field, Select, TextArea, type Option } from "./field";
export { ask, confirm, Dialog, Dialogs, openDialog } from "./dialog";
export { Menu, Popover, place, type MenuItem } from "./menu";
export { LiveRegion, problemText, say, toast, toastProblem, Toasts } from "./toast";
export { Face, FaceShape, valenceClass, valenceWord } from "./face";
export { runs, smoothPath, Sparkline, type Point } from "./curve";
export { Icon } from "./icons";
export { Avatar, Card, Chip, EmptyState, monogram, nameHue, Progress, Skeleton, Table, Tabs, Tooltip, Trouble, type Column, type Tone } from "./parts";

/** The verbs of all buttons, by conversation. They are stored in messages that were sent: a verb is never renamed. */

export type ConfirmVerb = 'use' | 'drop' | 'was-us' | 'not-us';
export type FindVerb = 'find' | 'open' | 'again';
export type AllVerb = 'find-all' | 'use-all' | 'drop-all';
export type UndoVerb = 'undo' | 'undo-yes' | 'undo-all' | 'undo-no';
export type ApprovalVerb = 'ask-owner' | 'owner-yes' | 'owner-no';
export type BindVerb =
  'bind-platform' | 'bind-account' | 'bind-store' | 'bind-page' | 'bind-retry' | 'bind-change' | 'bind-leave';
export type StoreVerb = 'store' | 'may' | 'unbind';
export type AddAccountVerb = 'listing-add' | 'listing-instead' | 'listing-stay' | 'listing-remove' | 'listing-drop';
export type JoinVerb = 'join-yes' | 'join-no';
export type StaffVerb =
  'staff-invite' | 'staff-digits' | 'staff-page' | 'staff-remove' | 'staff-drop' | 'owner-remove' | 'owner-remove-all';
export type PersonVerb = 'staff-person' | 'staff-rename';
export type HeirVerb = 'staff-heir' | 'staff-heir-yes' | 'heir-yes' | 'heir-no';
export type LinkVerb =
  'link' | 'link-new' | 'link-mine' | 'link-not-mine' | 'link-agree' | 'link-refuse' | 'link-drop' | 'link-drop-yes';
export type ReportVerb = 'report' | 'report-time';
export type SummaryVerb = 'summary-pic';
export type OwnerGroupVerb = 'report-group' | 'report-remove';
export type ShiftVerb = 'shift-over' | 'shift-take';
export type RecordsVerb = 'records';
export type HistoryVerb = 'history-older' | 'history-newer';
export type TrailVerb = 'trail-older' | 'trail-newer';
export type StoryVerb = 'story';
export type ApiKeyVerb = 'api-read' | 'api-verify' | 'api-undo' | 'api-revoke' | 'api-revoke-yes';
export type SettingsVerb = 'settings' | 'setting' | 'set' | 'day-end';
export type LanguageVerb = 'language';
export type RunVerb = 'run';
export type HelpVerb = 'help-all';
export type GuestVerb = 'here-yes' | 'here-no';
export type SelfServiceVerb =
  | 'self'
  | 'self-on'
  | 'self-off'
  | 'self-stop'
  | 'self-add'
  | 'self-places'
  | 'self-place'
  | 'self-name'
  | 'self-words'
  | 'self-rotate'
  | 'self-rotate-yes'
  | 'self-remove'
  | 'self-remove-yes'
  | 'self-codes'
  | 'self-sheet'
  | 'self-code'
  | 'self-limits'
  | 'self-limit'
  | 'self-today';
export type HoursVerb = 'self-hours' | 'self-week' | 'self-days' | 'self-group' | 'self-set' | 'self-day';
export type RuleVerb =
  | 'rules'
  | 'rules-add'
  | 'rule'
  | 'rule-deals'
  | 'rule-deal'
  | 'rule-people'
  | 'rule-who'
  | 'rule-hours'
  | 'rule-always'
  | 'rule-week'
  | 'rule-most'
  | 'rule-number'
  | 'rule-try'
  | 'rule-on'
  | 'rule-off'
  | 'rule-remove'
  | 'rule-remove-yes'
  | 'closed'
  | 'closed-may';
export type ClosedVerb = 'ask-open' | 'open-yes' | 'open-no';
export type KeepVerb = 'keep';
export type ApplyVerb = 'apply-again' | 'apply-skip' | 'apply-practice' | 'apply-leave';
export type ReviewVerb = 'apply-yes' | 'apply-no' | 'apply-why' | 'apply-back';
export type WebhookVerb =
  'hook' | 'hook-test' | 'hook-log' | 'hook-replay' | 'hook-rotate' | 'hook-on' | 'hook-off' | 'hook-remove' | 'hook-remove-yes';

/** A verb that some handler answers: a button with another one does not compile, nor a verb without a handler. */
export type Verb =
  | ConfirmVerb
  | FindVerb
  | AllVerb
  | UndoVerb
  | ApprovalVerb
  | BindVerb
  | StoreVerb
  | AddAccountVerb
  | JoinVerb
  | StaffVerb
  | PersonVerb
  | HeirVerb
  | LinkVerb
  | ReportVerb
  | OwnerGroupVerb
  | SummaryVerb
  | ShiftVerb
  | RecordsVerb
  | HistoryVerb
  | TrailVerb
  | StoryVerb
  | ApiKeyVerb
  | LanguageVerb
  | SettingsVerb
  | RunVerb
  | HelpVerb
  | GuestVerb
  | SelfServiceVerb
  | HoursVerb
  | RuleVerb
  | ClosedVerb
  | KeepVerb
  | ApplyVerb
  | ReviewVerb
  | WebhookVerb;

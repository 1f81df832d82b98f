namespace AkkaScale.Journal.Options;

/// <summary>
/// The database or its settings are not fit for this journal. The message says what to change; trying again does not help.
/// </summary>
public sealed class JournalRefusedException : Exception
{
    public JournalRefusedException(string message)
        : base(message)
    {
    }

    public JournalRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

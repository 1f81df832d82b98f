namespace AkkaScale.Pbm.Load;

/// <summary>Stable words of the report.</summary>
internal static class LoadOutcome
{
    public const string Ok = "ok";

    /// <summary>A failure, a difference from the model or a mismatch.</summary>
    public const string Failed = "failed";

    /// <summary>Too many failures; the rest was not sent.</summary>
    public const string GaveUp = "gave up";

    public const string Interrupted = "interrupted";
}

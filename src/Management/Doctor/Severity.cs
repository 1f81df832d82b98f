namespace AkkaScale.Management.Doctor;

/// <summary>How much a finding matters, least first.</summary>
internal enum Severity
{
    Ok,

    /// <summary>Worth knowing; nothing has to be done.</summary>
    Notice,

    /// <summary>The next fault costs more than it has to, or something is about to run out.</summary>
    Warning,

    /// <summary>A promise does not hold, or entities are not served now.</summary>
    Critical,
}

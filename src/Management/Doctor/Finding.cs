namespace AkkaScale.Management.Doctor;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Code">Stable, area/what; for scripts and for searching the documents.</param>
/// <param name="What">What was seen, with its numbers.</param>
/// <param name="Consequence">What it leads to if it stays.</param>
/// <param name="Mend">What to change or to type.</param>
internal sealed record Finding(string Code, Severity Severity, string Title, string What, string Consequence, string Mend);

namespace AkkaScale.Management.Doctor;

/// <summary>One summand of a prediction.</summary>
internal sealed record Term(string Name, TimeSpan Time);

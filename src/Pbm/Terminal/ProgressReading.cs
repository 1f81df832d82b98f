namespace AkkaScale.Pbm.Terminal;

/// <summary>How far something has come.</summary>
/// <param name="Note">A few words beside the bar, such as a rate.</param>
internal readonly record struct ProgressReading(long Done, long Total, string Note);

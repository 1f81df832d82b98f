namespace AkkaScale.Pbm.Load.Replay;

/// <summary>Something about one command that should not be: a failure, or an answer other than the model's.</summary>
public sealed record Finding(int Line, string Step, string Entity, string Problem);

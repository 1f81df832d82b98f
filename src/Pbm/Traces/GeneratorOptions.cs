namespace AkkaScale.Pbm.Traces;

/// <param name="Seed">The same options give the same bytes.</param>
/// <param name="Tasks">At most so many are named.</param>
public sealed record GeneratorOptions(int Seed, int Actions, int Tasks, int Projects, int Users);

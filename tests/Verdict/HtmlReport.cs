namespace AkkaScale.Tests.Verdict;

/// <summary>A history and its judgement as one HTML page that needs nothing but itself.</summary>
public static class HtmlReport
{
    public static void Write(TextWriter writer, History history, Judgement judgement) => throw new NotImplementedException();
}

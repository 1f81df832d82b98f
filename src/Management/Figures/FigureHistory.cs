namespace AkkaScale.Management.Figures;

/// <summary>The samples of the last seconds, one owner.</summary>
/// <param name="length">How far back the window goes; a little further where samples come late, never with fewer than two.</param>
internal sealed class FigureHistory(TimeSpan length)
{
    // Samples may come faster than planned, from a clock that is driven: what is older than the window is of no use.
    private const int MaxSamples = 64;

    private readonly Queue<FigureSample> _samples = new();
    private FigureSample? _latest;

    public void Add(FigureSample sample)
    {
        _samples.Enqueue(sample);
        _latest = sample;
        while (_samples.Count > 2 && (_samples.Count > MaxSamples || _samples.ElementAt(1).At <= sample.At - length))
        {
            _samples.Dequeue();
        }
    }

    public FigureWindow Window() =>
        _latest is { } latest && _samples.Peek() is var oldest && oldest.At < latest.At ? new FigureWindow(oldest, latest) : FigureWindow.Empty;
}
